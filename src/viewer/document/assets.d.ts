/** The address at which the build serves a file of a package. */
declare module '*?url' {
  const address: string;
  export default address;
}

/** A stylesheet that the build links to the page. */
declare module '*.css';

/** What the build puts in. */
interface ImportMeta {
  readonly env: { readonly BASE_URL: string };
}
