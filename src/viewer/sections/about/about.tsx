import useMediaQuery from '@mui/material/useMediaQuery';
import { useColorScheme } from '@mui/material/styles';
import type { ReactElement } from 'react';
import { formatDate, parseDate } from '../../../fhir/date.ts';
import { asOfWords, stateOf } from '../../model/sources.ts';
import { useViewer } from '../../model/viewer.ts';
import { Panel } from '../../parts/panel.tsx';
import { PageLink } from '../../parts/press-link.tsx';
import { SourceShape } from '../../parts/shape.tsx';
import { StatusTag } from '../../parts/status-tag.tsx';
import { RowList } from '../../parts/row-list.tsx';
import { Row } from '../../parts/row.tsx';
import { schemes } from '../../palette.ts';
import { about, banner, settingWords, viewOnly } from '../../words.ts';
import { Named, plainSecond } from '../lines.tsx';
import { Stack } from '../section-view.tsx';
import { HelpPanel } from './help.tsx';
import { OwnProfilePanel } from './own-profile.tsx';
import { Table } from '../table-parts.tsx';

function SchemeChoice(): ReactElement {
  const { colorScheme, setColorScheme } = useColorScheme();
  return (
    <Panel title={about.scheme}>
      <fieldset style={{ border: 0, margin: 0, padding: '4px 12px 12px', display: 'flex', gap: 24, flexWrap: 'wrap' }}>
        <legend style={{ position: 'absolute', width: 1, height: 1, overflow: 'hidden', clipPath: 'inset(50%)' }}>
          {about.scheme}
        </legend>
        {schemes.map((scheme) => (
          <label key={scheme} style={{ display: 'flex', gap: 8, alignItems: 'center', minHeight: 24 }}>
            <input
              type="radio"
              name="scheme"
              checked={colorScheme === scheme}
              onChange={() => setColorScheme(scheme)}
            />
            {about.schemes[scheme]}
          </label>
        ))}
      </fieldset>
    </Panel>
  );
}

function dateOf(on: string): string {
  const date = parseDate(on);
  return date === undefined ? on : formatDate(date);
}

/** Who shares what, how fresh it is, and what is never shown. */
export function About(): ReactElement {
  const { record, region, now } = useViewer();
  const wide = useMediaQuery((theme) => theme.breakpoints.up('lg'));
  const groups = record.sections.about.groups;
  return (
    // An address is one long word: it breaks anywhere rather than reach beyond the page.
    <Stack style={{ overflowWrap: 'anywhere' }}>
      <Panel title={about.organisations} count={`${record.sources.length}`}>
        <Table>
          <thead>
            <tr>
              <th scope="col">{about.organisation}</th>
              <th scope="col">{about.state}</th>
              {wide && <th scope="col">{about.shares}</th>}
              {wide && <th scope="col">{about.contact}</th>}
            </tr>
          </thead>
          <tbody>
            {record.sources.map((one) => (
              <tr key={one.source.id}>
                <td>
                  <SourceShape setting={one.source.setting} /> <strong>{one.source.label}</strong>{' '}
                  <bdi>{one.source.name}</bdi>
                  <div className="second">
                    {settingWords[one.source.setting]}, {one.source.ods}
                  </div>
                </td>
                <td>
                  {stateOf(one)}
                  {one.text !== '' && !stateOf(one).startsWith(one.text) && (
                    <div className="second">
                      <bdi>{one.text}</bdi>
                    </div>
                  )}
                  {one.dataAsOf !== undefined && (
                    <div>
                      {one.stale ? (
                        <StatusTag status="stale" words={asOfWords(one.dataAsOf, now)} />
                      ) : (
                        <span className="second">{asOfWords(one.dataAsOf, now)}</span>
                      )}
                    </div>
                  )}
                </td>
                {wide && <td className="second">{one.source.contributes.join(', ').replaceAll('-', ' ')}</td>}
                {wide && <td className="second">{one.source.contact}</td>}
              </tr>
            ))}
            {region.viewOnly.map((one) => (
              <tr key={one.ods}>
                <td>
                  {one.setting !== undefined && <SourceShape setting={one.setting} />} <bdi>{one.name}</bdi>
                  <div className="second">
                    {[one.setting === undefined ? undefined : settingWords[one.setting], one.ods]
                      .filter((part) => part !== undefined)
                      .join(', ')}
                  </div>
                </td>
                <td>{viewOnly}</td>
                {wide && <td />}
                {wide && <td />}
              </tr>
            ))}
          </tbody>
        </Table>
      </Panel>
      {record.banner.mismatches.map((one) => (
        <p key={one.field}>
          <StatusTag status="conflict" words={banner.differ(one.field)} />{' '}
          {record.sources
            .filter((source) => one.sourceIds.includes(source.source.id))
            .map((source) => source.source.name)
            .join(', ')}
        </p>
      ))}
      <Panel title={about.neverShown}>
        <p style={{ padding: '4px 12px 12px' }}>{region.neverShown}</p>
      </Panel>
      {region.switchedOff !== undefined && (
        <Panel title={about.switchedOff}>
          <ul style={{ margin: 0, padding: '4px 12px 12px 32px' }}>
            {region.switchedOff.map((one) => (
              <li key={one.title}>{about.switchedOffWords({ ...one, on: dateOf(one.on) })}</li>
            ))}
          </ul>
        </Panel>
      )}
      <Panel title={about.people}>
        <ul style={{ margin: 0, padding: '4px 12px 12px', listStyle: 'none', lineHeight: 2 }}>
          {about.notices.map(({ href, text }) => (
            <li key={href}>
              <PageLink href={href}>{text}</PageLink>
            </li>
          ))}
        </ul>
      </Panel>
      <OwnProfilePanel />
      <HelpPanel />
      <SchemeChoice />
      <p>{about.look}</p>
      {record.unreadable > 0 && <p>{about.unreadable(record.unreadable)}</p>}
      {groups.length > 0 && (
        <Panel title="Further records" count={groups.length.toLocaleString('en-GB')}>
          <RowList
            groups={groups}
            render={(group, measured) => (
              <Row
                key={group.id}
                group={group}
                measured={measured}
                first={<Named title={group.row.title} />}
                second={plainSecond(group)}
              />
            )}
          />
        </Panel>
      )}
    </Stack>
  );
}
