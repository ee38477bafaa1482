# ContractFlow in a container. What it is built from is the unpacked zip:
#     docker build -t contractflow:0.1.0 contractflow-0.1.0/
FROM eclipse-temurin:17-jre

# A fixed number, which volumes and secrets can be given to.
RUN groupadd --gid 10001 contractflow \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /var/lib/contractflow --shell /usr/sbin/nologin contractflow \
 && install -d -o 10001 -g 10001 -m 0750 /var/lib/contractflow

COPY lib/ /opt/contractflow/lib/
COPY bin/ /opt/contractflow/bin/
COPY LICENSE application.properties /opt/contractflow/
COPY routes/ /opt/contractflow/routes/
COPY sql/ /opt/contractflow/sql/

# The archive of loaded classes, which the launcher would write at its first run, is part of the image: its user cannot write to lib/.
RUN mkdir /tmp/training \
 && printf 'contract_id,customer_id\n10000,7000\n' >/tmp/training/contracts.csv \
 && chown -R 10001:10001 /tmp/training /opt/contractflow/lib \
 && CONTRACTFLOW_HOME=/tmp/training setpriv --reuid=10001 --regid=10001 --clear-groups \
        /opt/contractflow/bin/contractflow --profile sandbox run /tmp/training/contracts.csv \
 && test -f /opt/contractflow/lib/classes-*.jsa \
 && chown -R root:root /opt/contractflow/lib \
 && rm -r /tmp/training

# Settings of one's own are more of these, or a file in place of /opt/contractflow/application.properties.
ENV LANG=C.UTF-8 \
    FEED_DIRECTORY=/var/lib/contractflow/feeds \
    REPORT_DIRECTORY=/var/lib/contractflow/reports \
    STATE_DIRECTORY=/var/lib/contractflow \
    SERVER_HOST=0.0.0.0 \
    JAVA_OPTS="-XX:MaxRAMPercentage=75"

USER 10001:10001
VOLUME /var/lib/contractflow
EXPOSE 8080

# The image has neither curl nor wget to rely on.
HEALTHCHECK --start-period=60s --interval=30s --timeout=5s CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/${SERVER_PORT:-8080} && printf 'GET /observe/health/live HTTP/1.0\\r\\nConnection: close\\r\\n\\r\\n' >&3 && grep -q '^HTTP/1[.][01] 200' <&3"]

ENTRYPOINT ["/opt/contractflow/bin/contractflow"]
