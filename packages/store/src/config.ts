/** A name of a store, characters. */
export const storeNameMax = 128;
