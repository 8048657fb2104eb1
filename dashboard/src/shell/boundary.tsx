import { Component, type ReactNode } from 'react';

interface Props {
  children: ReactNode;
}

/** Keeps a fault of one screen from taking the page along. */
export class Boundary extends Component<Props, { message: string | undefined }> {
  override state: { message: string | undefined } = { message: undefined };

  static getDerivedStateFromError(error: unknown): { message: string } {
    return { message: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    const { message } = this.state;
    if (message === undefined) return this.props.children;
    return (
      <main id="main" className="screen">
        <div className="notice notice-failed" role="alert">
          <p>
            <strong>This screen failed.</strong> {message}
          </p>
          <button
            type="button"
            className="button"
            onClick={() => this.setState({ message: undefined })}
          >
            Show it again
          </button>
        </div>
      </main>
    );
  }
}
