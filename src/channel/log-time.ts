const two = (n: number): string => String(n).padStart(2, '0');

/** The time at the head of a log line, in local time: `2026/01/31 23:59:59`. */
export function logTimeOf(date: Date): string {
  const day = `${date.getFullYear()}/${two(date.getMonth() + 1)}/${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

let last = { second: Number.NaN, text: '' };

/** The same for a time in milliseconds since the epoch: thousands of lines share a second, which is put into words once. */
export function logTimeAt(time: number): string {
  const second = Math.floor(time / 1000);
  if (second !== last.second) last = { second, text: logTimeOf(new Date(time)) };
  return last.text;
}
