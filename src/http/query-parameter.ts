/** A URL with a parameter in its query, in the place of those of the same name; all else stays as it is, letter for letter. */
export function withParameter(url: string, name: string, value: string): string {
  const [path = '', ...rest] = url.split('?');
  const pairs = rest.length === 0 ? [] : rest.join('?').split('&');
  const others = pairs.filter((pair) => pair !== '' && nameIn(pair) !== name);
  return `${path}?${[...others, `${encodeURIComponent(name)}=${encodeURIComponent(value.toWellFormed())}`].join('&')}`;
}

function nameIn(pair: string): string {
  const name = pair.split('=', 1)[0] ?? '';
  try {
    return decodeURIComponent(name.replaceAll('+', ' '));
  } catch {
    // Percent signs that decode to nothing are nobody's name.
    return name;
  }
}
