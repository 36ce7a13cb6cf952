/** The version of this package, as its `package.json` has it: inspectors are told. */
export const version = "0.0.0";
