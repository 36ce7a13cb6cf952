import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { logStorageSuite } from "../../conformance/index.ts";
import { fileStorage } from "./file-storage.ts";

logStorageSuite({
  name: "files",
  createBed: async () => {
    const directory = await mkdtemp(join(tmpdir(), "mosaik-storage-"));
    return {
      storage: fileStorage(join(directory, "new", "data"), { segmentBytesMax: 4_096 }),
      close: () => rm(directory, { recursive: true }),
    };
  },
});
