/** Three stones, each resting on a larger one. */
export function Logo() {
  return (
    <svg class="logo" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true">
      <path
        class="logo-base"
        d="M3 26.4c0-3.4 5.6-5.6 13-5.6s13.2 2.2 13.2 5.6-5.4 4.6-13 4.6S3 29.6 3 26.4Z"
      />
      <path
        class="logo-middle"
        d="M6.6 16.6c0-3 4.2-4.9 9.8-4.9 5.4 0 9.4 1.9 9.4 4.7 0 2.7-4 3.9-9.6 3.9s-9.6-.9-9.6-3.7Z"
      />
      <path
        class="logo-top"
        d="M10.8 7c0-3.2 2.5-5.6 5.7-5.6 3.1 0 5.3 2 5.3 4.9 0 2.9-2.3 4.7-5.6 4.7-3.2 0-5.4-1.4-5.4-4Z"
      />
    </svg>
  );
}
