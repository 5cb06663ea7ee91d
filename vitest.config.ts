import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // All cores: by itself vitest leaves one idle, which of two is half, and many tests here only wait for other processes.
    maxWorkers: '100%',
    // Measured only with `--coverage`. Globs match the end of a path as well, so the tests of protocol/ are named to be left out.
    coverage: {
      include: ['protocol/**/*.ts'],
      exclude: ['test/**', '**/*.d.ts'],
      reporter: [['text', { skipFull: true }]],
      thresholds: { lines: 100, branches: 100, functions: 100, statements: 100 },
    },
  },
});
