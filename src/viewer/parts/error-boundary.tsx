import { Component, type ReactNode } from 'react';
import { states } from '../words.ts';
import { GapNote } from './gap-note.tsx';
import { PressLink } from './press-link.tsx';

/** Keeps a fault of one section from blanking the others. */
export class SectionBoundary extends Component<
  { readonly children: ReactNode; readonly words?: string },
  { readonly failed: boolean }
> {
  override state = { failed: false };

  static getDerivedStateFromError(): { readonly failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <GapNote>
        {this.props.words ?? states.sectionError}{' '}
        <PressLink onPress={() => this.setState({ failed: false })}>{states.tryAgain}</PressLink>
      </GapNote>
    );
  }
}
