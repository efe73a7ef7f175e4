namespace Orders.Application.Lakebase;

/// <summary>The kind of an operation.</summary>
public enum ResourceAction
{
    Create,
    Delete,
}
