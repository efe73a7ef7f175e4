namespace Orders.Application;

/// <summary>Whether metrics are served at <c>/metrics</c> on the management address.</summary>
public enum MetricsExport
{
    Off,
    On,
}
