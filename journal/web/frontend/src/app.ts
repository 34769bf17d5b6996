/** What every page needs. */
import { tellOfWithdrawal } from "./withdrawal";
import { showLocalTimes } from "./times";
import { fillZones } from "./zone";

fillZones();
showLocalTimes();
tellOfWithdrawal();
