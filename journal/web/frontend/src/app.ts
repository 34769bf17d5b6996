/** What every page needs. */
import { showLocalTimes } from "./times";
import { fillZones } from "./zone";

fillZones();
showLocalTimes();
