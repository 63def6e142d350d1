/** What went wrong, which is said at once; nothing while nothing did. */
export function Failure({ text }: { text: string | null | undefined }) {
  return text ? (
    <p class="error" role="alert">
      {text}
    </p>
  ) : null;
}
