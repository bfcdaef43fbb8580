const MAX_SHOWN_CHARACTERS = 40;
const MAX_SHOWN_NAMES = 20;

/** A text from the list in quotes, for a message: cut at 40 characters, control and format characters escaped. */
export const show = (text: string): string => {
  const characters = Array.from(text.slice(0, 2 * MAX_SHOWN_CHARACTERS + 2));
  const isCut = characters.length > MAX_SHOWN_CHARACTERS;
  const shown = isCut ? `${characters.slice(0, MAX_SHOWN_CHARACTERS).join('')}…` : text;
  return `"${shown.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, escapeCharacter)}"`;
};

/** Names from the list for a message, the first 20 of them. */
export const showNames = (names: readonly string[]): string => {
  const shown = names.slice(0, MAX_SHOWN_NAMES).map(show).join(', ');
  return names.length > MAX_SHOWN_NAMES ? `${shown} and ${names.length - MAX_SHOWN_NAMES} more` : shown;
};

const escapeCharacter = (character: string): string => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
