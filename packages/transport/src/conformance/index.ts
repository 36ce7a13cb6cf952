export { type TransportBed, type TransportSuite, transportSuite } from "./suite.ts";
