package plimsoll.telemetry;

import java.util.List;

/** The catalogue of sources: every format that is read, one line each. */
final class Sources {
    /** In the order in which they are asked; the first that is sure wins, else the first whose shape fits. */
    static final List<Source> ALL = List.of(
            new ManifestSource(),
            new ScriptSource(),
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
            new NginxErrorSource(),
            new NginxAccessSource(),
            new NginxVersionSource(),
            new StubStatusSource(),
            new FpmConfigSource(),
            new FpmStatusSource(),
            new FpmLogSource(),
            new FpmAccessSource(),
            new PhpIniSource(),
            new OpcacheSource(),
            new RedisInfoSource(),
            new RedisConfigSource(),
            new RedisConfSource(),
            new RedisClientsSource(),
            new HaproxyStatSource(),
            new HaproxyInfoSource(),
            new SsListingSource(),
            new SsSummarySource(),
            new SocketStatesSource(),
            new ProcNetTcpSource(),
            new SockstatSource(),
            new SnmpSource(),
            new ConntrackSource(),
            new ConntrackStatSource(),
            new ConntrackStatisticsSource(),
            new SlabinfoSource(),
            new CgroupSource(),
            new PressureSource(),
            new DiskstatsSource(),
            new FstabSource(),
            new MountsSource(),
            new MountinfoSource(),
            new Jbd2Source(),
            new LsofSource(),
            new LsofFieldsSource(),
            new FdListingSource(),
            new DfSource(),
            new SwapsSource(),
            new FreeSource(),
            new LoadavgSource(),
            new BuddyinfoSource(),
            new ProcStatSource(),
            new LimitsSource(),
            new ProcessSource(ProcessSource.File.STATUS),
            new ProcessSource(ProcessSource.File.IO),
            new ProcessSource(ProcessSource.File.SMAPS_ROLLUP),
            new LsblkSource(),
            new VmstatCommandSource(),
            new PidstatSource(),
            new SarSource(),
            new SadfSource(),
            new SadfJsonSource(),
            new KernelLogSource(),
            new LimitLogSource(),
            new NetstatListingSource(),
            new NetstatStatisticsSource(),
            new NstatSource(),
            new Snmp6Source(),
            new SoftnetSource(),
            new ProtocolsSource(),
            new ProcNetUnixSource(),
            new NetDevSource(),
            new IpLinkSource(),
            new NeighbourSource(),
            new EthtoolSource(),
            new NftSource(),
            new IptablesSource(),
            new TcpdumpSource(),
            new FastCgiDumpSource(),
            new TimeoutHistorySource(),
            new PrometheusSource());

    /** Formats that are not text, asked before a file is taken for text. */
    static final List<BinarySource> BINARY = List.of(new PacketFileSource());

    private Sources() {}

    /** True for a line with which a text of one of them certainly begins. */
    static boolean begins(String line) {
        // asked of every line of every text
        for (Source source : ALL) {
            if (source.begins(line)) {
                return true;
            }
        }
        return false;
    }
}
