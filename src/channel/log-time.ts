const two = (n: number): string => String(n).padStart(2, '0');

/** The time at the head of a log line, in local time: `2026/01/31 23:59:59`. */
export function logTimeOf(date: Date): string {
  const day = `${date.getFullYear()}/${two(date.getMonth() + 1)}/${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
