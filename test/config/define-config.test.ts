import assert from 'node:assert/strict';
import type { z } from 'zod';
import { defineConfig, type ReplayConfig } from '../../src/config/define-config';
import type { configSchema } from '../../src/config/schema';

/** Without the `undefined` that zod adds to what is optional. */
type Given<T> = T extends readonly unknown[] | ((...args: never[]) => unknown)
  ? T
  : T extends object
    ? { [K in keyof T]: Given<Exclude<T[K], undefined>> }
    : T;
type Checked = Given<z.output<typeof configSchema>>;
type Sections = { [K in keyof ReplayConfig]-?: keyof NonNullable<ReplayConfig[K]> };
type CheckedSections = { [K in keyof Checked]-?: keyof NonNullable<Checked[K]> };

/** Compiles only when each of the two can stand for the other. */
function agree<A, B>(_a: (value: A) => B, _b: (value: B) => A): void {}

describe('defineConfig', () => {
  it('returns what it gets', () => {
    const config: ReplayConfig = { refresh: false };
    assert.equal(defineConfig(config), config);
  });

  it('knows the keys and types that the schema checks (held by the compiler)', () => {
    agree<ReplayConfig, Checked>(
      (config) => config,
      (checked) => checked,
    );
    agree<keyof ReplayConfig, keyof Checked>(
      (key) => key,
      (key) => key,
    );
    agree<Omit<Sections, 'addons'>, Omit<CheckedSections, 'addons'>>(
      (keys) => keys,
      (keys) => keys,
    );
  });
});
