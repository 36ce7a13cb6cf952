/** A disposable that undoes something the first time it is disposed of. */
export function once(undo: () => void): Disposable {
  let isDone = false;
  return {
    [Symbol.dispose]: () => {
      if (isDone) return;
      isDone = true;
      undo();
    },
  };
}
