import assert from 'node:assert/strict';
import { Command } from 'commander';
import { addRunFlags, type RunFlags } from '../../src/cli/flags';

const parse = (...args: string[]) =>
  addRunFlags(new Command())
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .parse(args, { from: 'user' })
    .opts<RunFlags>();

describe('the flags of a run', () => {
  it('are read by commander', () => {
    assert.deepEqual(
      parse('-S', 'a.har', '-S', 'b.har', '--reuse', '-k', '--no-config', '--fail-on', 'missed, unused'),
      {
        serverReplay: ['a.har', 'b.har'],
        reuse: 'hold',
        kill: true,
        config: false,
        failOn: ['missed', 'unused'],
      },
    );
    assert.equal(parse('-c', 'a.ts').config, 'a.ts');
    assert.equal(parse('--norefresh').refresh, false);
  });

  it('refuse each other where they contradict', () => {
    for (const others of [['-k'], ['-w', 'b.har'], ['--record-once', 'b.har']])
      assert.throws(() => parse('--record-missing', 'a.har', ...others), /cannot be used with option/);
    assert.throws(() => parse('--record-once', 'a.har', '-w', 'b.har'), /cannot be used with option/);
    assert.throws(() => parse('-k', '--unmatched', '404'), /cannot be used with option/);
  });
});
