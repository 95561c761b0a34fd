import { basename, extname } from 'node:path';
import express, { type RequestHandler } from 'express';
import { codingFor } from './content-coding.ts';

/** The codings that the build makes of each script (`vite.config.ts`), smallest first, and how their files end. */
const built = ['br', 'gzip'] as const;
const endings: Readonly<Record<(typeof built)[number], string>> = { br: '.br', gzip: '.gz' };

/**
 * The viewer's scripts and styles. Their names change with their content, so a browser may keep them for good; each goes
 * in the smallest coding that the browser takes, which the build has made of it, so that it costs nothing here.
 */
export function builtAssets(folder: string): RequestHandler {
  const serve = express.static(folder, {
    immutable: true,
    maxAge: '1y',
    index: false,
    redirect: false,
    setHeaders: (response, path) => {
      const coding = built.find((one) => path.endsWith(endings[one]));
      if (coding === undefined) return;
      response.set('Content-Encoding', coding).type(extname(basename(path, endings[coding])));
    },
  });
  return (request, response, next) => {
    response.vary('Accept-Encoding');
    const coding = codingFor(request.get('accept-encoding'), built);
    if (coding === undefined) {
      serve(request, response, next);
      return;
    }
    const { url } = request;
    request.url = url.replace(/(?=\?|$)/, endings[coding]);
    serve(request, response, (error?: unknown) => {
      request.url = url;
      if (error === undefined) serve(request, response, next);
      else next(error);
    });
  };
}
