# Cairn, for any role. What it is for and how to pin its base by digest: docs/operations.md
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# No package gets to run a script of its own while it is installed.
RUN npm ci --ignore-scripts --no-fund --no-audit
COPY tsconfig.json ./
COPY src ./src
RUN npm run build && npm prune --omit=dev --ignore-scripts --no-fund --no-audit

FROM node:24.21.0-bookworm-slim
WORKDIR /app
COPY package.json LICENSE ./
COPY --from=build /app/node_modules ./node_modules
COPY contexts ./contexts
COPY public ./public
COPY --from=build /app/dist ./dist
RUN install -d -o 65532 -g 65532 -m 0700 /data
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=3000 \
    CAIRN_METRICS_PORT=9464 \
    CAIRN_DATA_DIR=/data
USER 65532:65532
EXPOSE 3000 9464
STOPSIGNAL SIGTERM
# Works for workers, too: they have no other port.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.CAIRN_METRICS_PORT + '/readyz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "--disable-proto=delete", "--max-old-space-size=512", "--max-semi-space-size=4", "dist/main.js"]
