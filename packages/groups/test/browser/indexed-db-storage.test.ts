import { indexedDbStorage } from "@mosaik/groups/browser";
import { logStorageSuite } from "@mosaik/groups/conformance";

let beds = 0;

logStorageSuite({
  name: "IndexedDB",
  createBed: () => ({ storage: indexedDbStorage({ name: `conformance-${++beds}` }) }),
});
