import { provideVSCodeDesignSystem, vsCodeButton } from '@vscode/webview-ui-toolkit';
import type { ComponentChildren, HTMLAttributes } from 'preact';

/**
 * The controls of all pages. The toolkit is not maintained any more, so nothing but this file knows it: another library
 * would be put in here.
 */
provideVSCodeDesignSystem().register(vsCodeButton());

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
