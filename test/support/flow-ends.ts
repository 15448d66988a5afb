import assert from 'node:assert/strict';
import type { Flow, MitmProxy } from 'replay-proxy';
import { until } from './raw-origin';

/** Holds a proxy to it that each flow ends, and once. */
export class FlowEnds {
  readonly #begun: Flow[] = [];
  readonly #ended = new Map<Flow, number>();

  constructor({ hooks }: MitmProxy) {
    hooks.requestHeaders.tap('FlowEnds', (flow) => void this.#begun.push(flow));
    hooks.complete.tap('FlowEnds', (flow) => void this.#ended.set(flow, (this.#ended.get(flow) ?? 0) + 1));
  }

  /** Waits for the end of all that has begun. */
  async settled(): Promise<void> {
    await until(() => this.#begun.every((flow) => this.#ended.has(flow)));
    for (const flow of this.#begun.splice(0)) {
      assert.equal(this.#ended.get(flow), 1, 'a flow ends once');
      assert.ok(flow.outcome);
    }
    this.#ended.clear();
  }
}
