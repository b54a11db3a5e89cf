FROM debian:bookworm-slim
COPY ca-certificates.crt /tmp/
COPY node /usr/local/bin/node
COPY npm /usr/local/lib/node_modules/npm
RUN cat /tmp/ca-certificates.crt >>/etc/ssl/certs/ca-certificates.crt \
 && ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm \
 && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx \
 && apt-get update -q \
 && apt-get install -y -q --no-install-recommends libstdc++6 \
 && useradd --create-home --uid 1000 node \
 && rm -rf /var/lib/apt/lists/* /tmp/ca-certificates.crt
ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt
CMD ["node"]
