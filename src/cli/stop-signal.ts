/** How a run is asked to end. */
const SIGNALS = { SIGINT: 2, SIGTERM: 15 } as const;

/** Resolves at the first signal to stop; `exit` is called with a shell's code for it (128 + number) at the second. */
export function stopSignal(process: NodeJS.EventEmitter, exit: (code: number) => void): Promise<void> {
  return new Promise((resolve) => {
    let isSecond = false;
    for (const [signal, number] of Object.entries(SIGNALS)) {
      process.on(signal, () => {
        if (isSecond) exit(128 + number);
        isSecond = true;
        resolve();
      });
    }
  });
}
