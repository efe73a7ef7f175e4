namespace Orders.Application.Resources;

/// <summary>What is done to the resources.</summary>
public enum ResourceAction
{
    Create,
    Delete,
}
