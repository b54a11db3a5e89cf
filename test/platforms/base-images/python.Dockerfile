FROM debian:bookworm-slim
COPY ca-certificates.crt /tmp/
RUN cat /tmp/ca-certificates.crt >>/etc/ssl/certs/ca-certificates.crt \
 && apt-get update -q \
 && apt-get install -y -q --no-install-recommends python3 python3-venv python3-pip \
 && ln -s python3 /usr/bin/python \
 && rm -rf /var/lib/apt/lists/* /tmp/ca-certificates.crt
ENV PIP_CERT=/etc/ssl/certs/ca-certificates.crt
CMD ["python3"]
