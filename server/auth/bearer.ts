/** The token of an `Authorization: Bearer` header; undefined where there is none in the form of one. */
export function bearerOf(header: string): string | undefined {
  return /^Bearer ([A-Za-z0-9._~+/-]{1,500}=*)$/i.exec(header)?.[1];
}
