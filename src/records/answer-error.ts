/** An answer that is not what was expected: this customer fails as `bad_answer`. The message says what came. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError';
}
