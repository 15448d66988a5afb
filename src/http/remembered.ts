const LONGEST = 300;

/**
 * A pure function that knows its latest results, at least `most` and at most twice as many of them: for what is asked about the same few
 * things over and over. A text of more than 300 characters is not kept.
 */
export function remembered<K extends string | number, V>(make: (key: K) => V, most: number): (key: K) => V {
  let recent = new Map<K, V>();
  let older = new Map<K, V>();
  return (key) => {
    const known = recent.get(key);
    if (known !== undefined || recent.has(key)) return known as V;
    const value = older.has(key) ? (older.get(key) as V) : make(key);
    if (typeof key === 'string' && key.length > LONGEST) return value;
    if (recent.size >= most) {
      older = recent;
      recent = new Map();
    }
    recent.set(key, value);
    return value;
  };
}
