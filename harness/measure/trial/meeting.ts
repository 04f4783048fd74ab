/** Where two trials that run at the same time wait for each other, so that their windows are the same. */
import { FailedTrial } from '../failed-trial.ts';

/** One of the two, as its trial sees it. */
export interface Attendance {
  /** Resolves when the other has come as often; rejects with a FailedTrial when it never will. */
  meet(): Promise<void>;
  /** Says that this one does not come any more, and why. After its last meeting nobody minds. */
  leave(why: string): void;
}

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** The first attendance is that of `names[0]`. Nobody waits for somebody who has left. */
export function meetingOf(names: readonly [string, string]): readonly [Attendance, Attendance] {
  let waiting: Waiting | null = null;
  let over: FailedTrial | null = null;
  const attendance = (name: string): Attendance => ({
    meet: () =>
      new Promise((resolve, reject) => {
        if (over !== null) {
          reject(over);
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
    leave: (why) => {
      over ??= new FailedTrial('other-side', otherSideText(name, why));
      waiting?.reject(over);
      waiting = null;
    },
  });
  return [attendance(names[0]), attendance(names[1])];
}

/** Why a trial does not count although nothing is wrong with it. */
export function otherSideText(name: string, why: string): string {
  return `${name} failed at the same time, and a window alone is not comparable: ${why}`;
}
