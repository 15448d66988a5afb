import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { HarLoad } from '../../src/recording/har-load';
import { entry, scratch } from './har-samples';

describe('HarLoad', () => {
  const at = scratch();

  it('numbers entries by their place, whatever became of them', () => {
    writeFileSync(at('x.har'), '');
    const load = new HarLoad(at('x.har'));
    load.add(entry(), 2);
    load.add({}, 3);
    load.skip(4, 'no JSON');
    load.add(entry({ request: { url: 'data:,' } }), 5);
    load.add(entry(), 6);
    load.dropTorn(7, 12);
    assert.deepEqual(
      load.flows.map((f) => f.number),
      [1, 5],
    );
    assert.deepEqual(
      load.warnings().map((w) => w.replace(/^recording .*x\.har: /, '')),
      [
        'entry 2 (line 3) is no HAR entry (missing "request"); skipped; fix or delete the line',
        'entry 3 (line 4) is no HAR entry (no JSON); skipped; fix or delete the line',
        'entry 6 (line 7) is cut off, as by a killed writer; its 12 bytes are dropped, the 2 flows before it are used',
        '1 with data: URLs skipped; they go to no server',
      ],
    );
  });
});
