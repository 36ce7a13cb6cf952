export { openScreen, type Screen } from "./screen.ts";
export { logLevels, stderrLog } from "./stderr-log.ts";
export { cell, type Line, paint, type Span, type Style, widthOf } from "./text.ts";
