namespace Orders.Tests.Lakebase.Support;

/// <summary>The two kinds of Lakebase.</summary>
public enum LakebaseProduct
{
    Provisioned,
    Autoscaling,
}
