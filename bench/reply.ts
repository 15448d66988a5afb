import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/**
 * The next message of a process that was forked.
 * @throws when it ends instead
 */
export async function replyOf(child: ChildProcess, name: string): Promise<unknown> {
  const over = new AbortController();
  try {
    const [message] = (await Promise.race([
      once(child, 'message', over),
      once(child, 'exit', over).then(([code]) => {
        throw new Error(`${name} ended (${code})`);
      }),
    ])) as [unknown];
    return message;
  } finally {
    over.abort();
  }
}
