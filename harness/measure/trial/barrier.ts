/** A barrier for two trials that run at the same time, so that their windows are the same. */
import { FailedTrial } from '../failed-trial.ts';

/** The barrier as one of the two trials sees it. */
export interface Barrier {
  /** Resolves when the other trial has called it as often; rejects with a FailedTrial when it never will. */
  wait(): Promise<void>;
  /** Gives up the barrier, with the reason. After the last wait it has no effect. */
  abandon(why: string): void;
}

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** One for each trial, in the order of the names. */
export function barrierFor(names: readonly [string, string]): readonly [Barrier, Barrier] {
  let waiting: Waiting | null = null;
  let abandoned: FailedTrial | null = null;
  const barrier = (name: string): Barrier => ({
    wait: () =>
      new Promise((resolve, reject) => {
        if (abandoned !== null) {
          reject(abandoned);
          return;
        }
        if (waiting === null) {
          waiting = { resolve, reject };
          return;
        }
        waiting.resolve();
        waiting = null;
        resolve();
      }),
    abandon: (why) => {
      abandoned ??= new FailedTrial('other-side', otherSideText(name, why));
      waiting?.reject(abandoned);
      waiting = null;
    },
  });
  return [barrier(names[0]), barrier(names[1])];
}

/** Why a trial does not count although nothing is wrong with it. */
export function otherSideText(name: string, why: string): string {
  return `${name} failed at the same time, and one window without the other cannot be compared: ${why}`;
}
