interface Failed {
  status?: { description?: string; details?: string };
  error?: { message?: string };
  detail?: string;
  errors?: { pointer?: string; parameter?: string; detail: string }[];
}

/** What an error says: of the API's form, of OpenAI's, of MCP's, and of the admin API's (RFC 9457). */
export function messageOf(answer: unknown): string | null {
  const { status, error, detail, errors = [] } = (answer ?? {}) as Failed;
  if (detail) {
    // The first of several is the whole's own sentence, too.
    const others = errors.filter((one) => one.detail !== detail);
    return [detail, ...others.map((one) => `${one.pointer ?? one.parameter ?? ''} ${one.detail}`.trim())].join(' ');
  }
  if (typeof status === 'object') return [status.description, status.details].filter(Boolean).join(': ');
  return error?.message ?? null;
}
