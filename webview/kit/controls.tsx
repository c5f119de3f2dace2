import type { ComponentChildren, HTMLAttributes } from 'preact';

/** The controls of all pages: elements of the toolkit (elements.ts), behind names of our own. */

interface ToolkitButton extends HTMLAttributes<HTMLElement> {
  appearance?: 'primary' | 'secondary' | 'icon';
  disabled?: boolean;
}

declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'vscode-button': ToolkitButton;
    }
  }
}

export interface ButtonProps {
  readonly children: ComponentChildren;
  readonly onPress: () => void;
  /** For a tooltip, with the key that does the same. */
  readonly title?: string | undefined;
  readonly isPrimary?: boolean;
  readonly isDisabled?: boolean;
}

export function Button({ children, onPress, title, isPrimary = false, isDisabled = false }: ButtonProps) {
  return (
    <vscode-button
      appearance={isPrimary ? 'primary' : 'secondary'}
      disabled={isDisabled}
      title={title}
      onClick={() => isDisabled || onPress()}
    >
      {children}
    </vscode-button>
  );
}
