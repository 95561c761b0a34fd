import GlobalStyles from '@mui/material/GlobalStyles';
import { styled } from '@mui/material/styles';
import {
  lazy,
  Suspense,
  useCallback,
  useEffect,
  useRef,
  useState,
  type ComponentType,
  type KeyboardEvent,
  type ReactElement,
} from 'react';
import { resourcesOf } from '../../record/member.ts';
import type { Attachment, ChipRef, Group } from '../../record/record.ts';
import { copiedText } from '../model/copied.ts';
import { useViewer } from '../model/viewer.ts';
import { SectionBoundary } from '../parts/error-boundary.tsx';
import { GapNote } from '../parts/gap-note.tsx';
import { PressLink } from '../parts/press-link.tsx';
import { documents, states } from '../words.ts';
import { foundCss } from './found.ts';
import { fileNameOf, kindOf, type DocumentKind } from './kind.ts';
import { useLoading } from './loading.ts';
import { ReaderBar } from './reader-bar.tsx';
import type { Shown, Unshown, ViewProps } from './shown.ts';
import { reading } from './words.ts';

const Frame = styled('section')(({ theme }) => ({
  flex: 1,
  minHeight: 0,
  display: 'flex',
  flexDirection: 'column',
  '& .said': { padding: theme.spacing(3, 5), display: 'grid', gap: theme.spacing(2) },
  '& h3': { ...theme.typography.h3, padding: theme.spacing(1.5, 5, 0), margin: 0, overflowWrap: 'anywhere' },
}));

const FramedView = lazy(async () => ({ default: (await import('./framed-view.tsx')).FramedView }));
const ImageView = lazy(async () => ({ default: (await import('./image-view.tsx')).ImageView }));
const PdfView = lazy(async () => ({ default: (await import('./pdf-view.tsx')).PdfView }));
const TextView = lazy(async () => ({ default: (await import('./text-view.tsx')).TextView }));
const TiffView = lazy(async () => ({ default: (await import('./tiff-view.tsx')).TiffView }));

const views: Readonly<Partial<Record<DocumentKind, ComponentType<ViewProps>>>> = {
  pdf: PdfView,
  html: FramedView,
  rtf: FramedView,
  tiff: TiffView,
  image: ImageView,
  text: TextView,
  xml: TextView,
};

/** Gives a copy to the browser to be saved. */
function save(bytes: Uint8Array<ArrayBuffer>, contentType: string | undefined): void {
  // Saved as bytes: nothing of it is opened here by what it says that it is.
  const address = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = fileNameOf(kindOf(bytes, contentType), contentType);
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

type ReaderProps = {
  readonly attachment: Attachment;
  readonly group: Group;
  readonly chip: ChipRef;
  readonly name: string;
  readonly onClose: () => void;
};

/** One document, opened in place. It is loaded when this appears and given up when it goes. */
export function Reader(props: ReaderProps): ReactElement {
  const [turn, setTurn] = useState(0);
  return <OpenReader key={turn} {...props} onTryAgain={() => setTurn(turn + 1)} />;
}

function OpenReader(props: ReaderProps & { readonly onTryAgain: () => void }): ReactElement {
  const { attachment, group, chip, name, onClose, onTryAgain } = props;
  const { documents: opened, record, now, look } = useViewer();
  const loading = useLoading(attachment, opened.open);
  const [shown, setShown] = useState<Shown>();
  const [unshown, setUnshown] = useState<Unshown>();
  const [page, setPage] = useState(1);
  const [zoom, setZoom] = useState(1);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const onUnshown = useCallback((why: Unshown) => {
    setShown(undefined);
    setUnshown(why);
  }, []);
  const copied = useRef({ record, now, group, look });
  useEffect(() => {
    copied.current = { record, now, group, look };
  }, [record, now, group, look]);
  /** In a frame of its own a copy is not heard by the page. */
  const onCopy = useCallback((event: ClipboardEvent) => {
    const { record: of, now: at, group: item, look: report } = copied.current;
    const marked = (event.target as Node | null)?.ownerDocument?.getSelection()?.toString() ?? '';
    if (marked === '') return;
    event.preventDefault();
    event.clipboardData?.setData('text/plain', copiedText(marked, [item], of, at));
    report('copy', [item.section], resourcesOf(item));
  }, []);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    onClose();
  };
  const given = loading.kind === 'given' ? loading : undefined;
  const kind = given === undefined ? undefined : kindOf(given.bytes, given.contentType);
  const View = kind === undefined ? undefined : views[kind];
  const onSave =
    given === undefined
      ? undefined
      : () => {
          look('copy', [group.section], resourcesOf(group));
          save(given.bytes, given.contentType);
        };
  return (
    // Esc closes the document, wherever focus stands in it.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <Frame aria-label={name} data-reader="" onKeyDown={onKeyDown}>
      <GlobalStyles styles={foundCss} />
      <ReaderBar shown={shown} page={page} zoom={zoom} onZoom={setZoom} onSave={onSave} onClose={onClose} />
      <h3 ref={heading} tabIndex={-1}>
        <bdi>{name}</bdi>
      </h3>
      {shown?.left !== undefined && (
        <div className="said">
          <GapNote quiet>{shown.left}</GapNote>
        </div>
      )}
      {loading.kind === 'loading' && (
        <div className="said" role="status">
          {reading.loading(
            documents.size(loading.progress.bytes),
            loading.progress.of === undefined ? undefined : documents.size(loading.progress.of),
          )}
        </div>
      )}
      {loading.kind !== 'loading' && loading.kind !== 'given' && (
        <div className="said">
          <GapNote>
            {reading.whyNot[loading.kind]}{' '}
            {(loading.kind === 'later' || loading.kind === 'failed') && (
              <PressLink onPress={onTryAgain}>{states.tryAgain}</PressLink>
            )}
          </GapNote>
          <Queries chip={chip} />
        </div>
      )}
      {given !== undefined && kind !== undefined && (View === undefined || unshown !== undefined) && (
        <div className="said">
          <GapNote>
            {unshown === undefined ? reading.notHere(documents.kinds[kind]) : reading.unshown[unshown]}{' '}
            {onSave !== undefined && <PressLink onPress={onSave}>{reading.save}</PressLink>}
          </GapNote>
          <p>{reading.saveNote}</p>
          <Queries chip={chip} />
        </div>
      )}
      {given !== undefined && View !== undefined && unshown === undefined && (
        <SectionBoundary words={reading.unshown.broken}>
          <Suspense fallback={<p role="status">{documents.drawing}</p>}>
            <View
              bytes={given.bytes}
              contentType={given.contentType}
              name={name}
              zoom={zoom}
              onShown={setShown}
              onPage={setPage}
              onUnshown={onUnshown}
              onCopy={onCopy}
            />
          </Suspense>
        </SectionBoundary>
      )}
    </Frame>
  );
}

/** Whom to ask for a document that is not shown. */
function Queries({ chip }: { readonly chip: ChipRef }): ReactElement {
  const { record } = useViewer();
  const source = record.sources.find((one) => one.source.id === chip.sourceId)?.source;
  return <p>{reading.ask(chip.organisation.name ?? source?.name ?? chip.label, source?.contact)}</p>;
}
