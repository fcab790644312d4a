package plimsoll.telemetry;

import java.util.List;

/** The catalogue of sources: every format that is read, one line each. */
final class Sources {
    /** In the order in which they are asked; the first that is sure wins, else the first whose shape fits. */
    static final List<Source> ALL = List.of(
            new ManifestSource(),
            new ProcValueSource(),
            new SysctlSource(),
            new UnameSource(),
            new OsReleaseSource(),
            new KernelConfigSource(),
            new DateSource(),
            new MeminfoSource(),
            new VmstatSource(),
            new ZoneinfoSource(),
            new IostatSource(),
            new NginxSource(),
            new SsListingSource(),
            new SsSummarySource(),
            new SocketStatesSource(),
            new ProcNetTcpSource(),
            new SockstatSource(),
            new SnmpSource(),
            new ConntrackSource(),
            new ConntrackStatSource(),
            new ConntrackStatisticsSource(),
            new SlabinfoSource());

    private Sources() {}
}
