import { need } from "./find";

/** The token that the page was rendered with; its cookie can't be read from here. */
export function token(): string {
  return need<HTMLInputElement>('input[name="csrfmiddlewaretoken"]').value;
}
