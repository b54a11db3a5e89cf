/** The same function, which works out each answer once and keeps it for as long as who it is asked of is there. */
export function remembering<Owner extends object, Of, Answer>(
  answer: (owner: Owner, of: Of) => Answer,
): (owner: Owner, of: Of) => Answer {
  const known = new WeakMap<Owner, Map<Of, { readonly answer: Answer }>>();
  return (owner, of) => {
    const answers = known.get(owner) ?? new Map<Of, { readonly answer: Answer }>();
    known.set(owner, answers);
    const found = answers.get(of) ?? { answer: answer(owner, of) };
    answers.set(of, found);
    return found.answer;
  };
}
