namespace Orders.Application.Lakebase;

/// <summary>What is done to the resources.</summary>
public enum ResourceAction
{
    Create,
    Delete,
}
