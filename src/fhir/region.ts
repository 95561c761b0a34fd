import type { Body } from './registration-body.ts';
import type { SectionId } from './look.ts';
import type { DataClass, Setting } from './status.ts';

/** `GET /app/region.json`: what the viewer knows of the region before any record. Public; nothing of a person in it. */
export type RegionView = {
  readonly name: string;
  /** Off live systems: every page says "Test: invented people". */
  readonly test: boolean;
  readonly contacts: { readonly pals: string; readonly email: string };
  /** The one constant sentence about what is never shown. */
  readonly neverShown: string;
  /** What the region has decided to show after all; absent where there is nothing. `on` is a date. */
  readonly switchedOff?: readonly {
    readonly title: string;
    readonly by: string;
    readonly on: string;
    readonly reason: string;
  }[];
  readonly idleLockMinutes: number;
  /** There is a hierarchy by which brand and generic are compared: `GET /app/medicines.json`. */
  readonly medicines?: true;
  readonly notices: readonly Notice[];
  /** The organisations that contribute, in the order of the configuration (the demographics service apart). */
  readonly sources: readonly SourceView[];
  /** Those who look and do not contribute. */
  readonly viewOnly: readonly { readonly ods: string; readonly name: string; readonly setting?: Setting }[];
};

/** What every user is to know for a time, such as a feed that is known to be late. Both days (`yyyy-mm-dd`) are days in London. */
export type Notice = {
  /** The section that it is about; absent: the whole record. */
  readonly section?: SectionId;
  readonly text: string;
  readonly from: string;
  /** The last day on which it stands; absent: until it is taken out. */
  readonly until?: string;
};

/** A contributing source, as a chip and a popover show it. */
export type SourceView = {
  readonly id: string;
  /** The code on the chip, such as `UHNM`. */
  readonly label: string;
  readonly name: string;
  readonly ods: string;
  readonly setting: Setting;
  readonly contributes: readonly DataClass[];
  readonly usualDelayHours: number;
  readonly sharing: boolean;
  readonly aggregate: boolean;
  readonly contact?: string;
};

/** The member `__ohc` of the token response: who looks and from where, for the viewer's own words. */
export type LaunchView = {
  /** The host EPR's name: "Open One Health and Care again from …". */
  readonly hostName: string;
  readonly hostOrigins: readonly string[];
  readonly userName: string;
  readonly role: { readonly code: string; readonly title: string };
  /** The role that the user says they hold, where it counts only once somebody has confirmed it. */
  readonly declaredRole?: { readonly code: string; readonly title: string };
  readonly organisation: { readonly ods: string; readonly name: string };
  /** The host's own record, where it joins the region's organisations for this launch. */
  readonly hostSource?: SourceView;
  /** True where the host knows no NHS number for the person: its own record is then all that was asked for. */
  readonly hostAlone?: boolean;
  /** What the user said of themselves, which they may correct, and the bodies of which one registers their role. */
  readonly own?: { readonly said: readonly ('name' | 'registration')[]; readonly bodies: readonly Body[] };
  /** The user is here for the first time: the viewer offers to show how to read the record, this once. */
  readonly firstTime?: true;
  /** How the viewer tells the host's window that it is done (SMART Web Messaging). */
  readonly messaging?: { readonly origin: string; readonly handle: string };
};
