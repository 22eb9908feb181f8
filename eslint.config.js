import js from '@eslint/js';
import globals from 'globals';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  // deploy/ holds a script for mongosh, which is no module.
  { ignores: ['deploy/', 'dist/', 'node_modules/', 'coverage/', 'data/', '.stryker-tmp/'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      globals: globals.node,
      parserOptions: {
        project: ['./tsconfig.json', './test/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      complexity: ['error', 10],
      'max-depth': ['error', 3],
      'max-params': ['error', 4],
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Read settings from src/config.' },
      ],
    },
  },
  {
    // A factory or a route table counts the functions inside it.
    files: [
      'src/storage/**',
      'src/services/**',
      'src/issuance/**',
      'src/credentials/verify/engine/**',
      'src/api/management/**',
    ],
    rules: {
      'max-lines-per-function': ['error', { max: 100, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['src/storage/**'],
    rules: { '@typescript-eslint/no-unsafe-class-instance-assignment': 'off' },
  },
  {
    files: [
      'src/config/**',
      'src/cli/**',
      'src/cli.ts',
      'test/**',
      'bench/**',
      'examples/**',
      'mutation/**',
    ],
    rules: { 'no-console': 'off', 'no-restricted-properties': 'off' },
  },
  {
    files: ['test/**', 'bench/**', 'examples/**', 'mutation/**'],
    rules: { 'max-lines-per-function': 'off' },
  },
  {
    // The guarded fetch (shared/safe-fetch.ts) is the only way out.
    files: ['src/**'],
    rules: {
      'no-restricted-globals': ['error', 'fetch', 'WebSocket', 'EventSource'],
      'no-restricted-imports': [
        'error',
        {
          paths: ['node:http', 'node:https'].map((name) => ({
            name,
            importNames: ['default', 'request', 'get', 'Agent'],
            message: 'Look things up with the guarded fetch (shared/safe-fetch.ts).',
          })),
        },
      ],
    },
  },
  { files: ['**/*.js'], ...tseslint.configs.disableTypeChecked },
  { files: ['public/**'], languageOptions: { globals: globals.browser } },
);
