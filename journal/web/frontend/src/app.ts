/** What every page needs. */
import { askDevice } from "./askdevice";
import { offerCopies } from "./copy";
import { tellOfWithdrawal } from "./withdrawal";
import { showLocalTimes } from "./times";
import { fillZones } from "./zone";

askDevice();
fillZones();
offerCopies();
showLocalTimes();
tellOfWithdrawal();
// After a refused form the first field that needs another look has the focus.
document.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
