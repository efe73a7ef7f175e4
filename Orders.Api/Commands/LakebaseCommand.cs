using System.CommandLine;
using Orders.Application.Lakebase;

namespace Orders.Api.Commands;

/// <summary><c>lakebase create|status|delete</c>: the resources on Databricks Lakebase, without a service and without a database.</summary>
internal static class LakebaseCommand
{
    /// <param name="buildHost">Builds, from configuration arguments, what resolves the provisioner.</param>
    public static Command Create(Func<string[], IHost> buildHost) =>
        new("lakebase", "Create and delete the database server on Databricks Lakebase, its catalog and the synced table.")
        {
            Creation(buildHost),
            Status(buildHost),
            Deletion(buildHost),
        };

    private static Command Creation(Func<string[], IHost> buildHost)
    {
        var capacity = new Option<string?>("--capacity")
        {
            Description = $"The size of the server: {string.Join(", ", CreateResources.Capacities)}.",
        };
        capacity.AcceptOnlyFromAmong([.. CreateResources.Capacities]);
        Option<int?> nodes = Number("--node-count", "A primary and its secondaries", 1, CreateResources.MostNodes);
        var readable = new Option<bool>("--enable-readable-secondaries")
        {
            Description = "Let the secondaries answer reads; takes two nodes or more.",
        };
        Option<int?> retention = Number(
            "--retention-window-in-days",
            "For how many days back the database can be restored",
            CreateResources.ShortestRetention,
            CreateResources.LongestRetention);
        Option<bool> yes = Confirmation.Yes();
        var command = new Command("create", "Make what is missing and wait until the synced table is online. Costs money from then on; "
            + "asks first.")
        {
            capacity, nodes, readable, retention, yes,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(readable) && result.GetValue(nodes) is null or < 2)
            {
                result.AddError("--enable-readable-secondaries takes a --node-count of 2 or more.");
            }
        });
        CommandHost.Run<IResourceProvisioner>(command, buildHost, async (provisioner, parsed, cancellationToken) =>
        {
            var request = new CreateResources
            {
                Capacity = parsed.GetValue(capacity),
                NodeCount = parsed.GetValue(nodes),
                EnableReadableSecondaries = parsed.GetValue(readable) ? true : null,
                RetentionWindowInDays = parsed.GetValue(retention),
            };
            return await CarryOutAsync(
                provisioner.Plan(ResourceAction.Create),
                "Create what of these is missing? They cost money until they are deleted.",
                parsed.GetValue(yes),
                told => provisioner.CreateAsync(request, told, cancellationToken),
                cancellationToken);
        });
        return command;
    }

    private static Command Deletion(Func<string[], IHost> buildHost)
    {
        Option<bool> yes = Confirmation.Yes();
        var command = new Command(
            "delete", "Delete the synced table, the catalog and the server, with all that they hold. Asks first.") { yes };
        CommandHost.Run<IResourceProvisioner>(command, buildHost, (provisioner, parsed, cancellationToken) => CarryOutAsync(
            provisioner.Plan(ResourceAction.Delete),
            "Delete these for good, with all data in their databases, whoever put it there, recorded changes of status included?",
            parsed.GetValue(yes),
            told => provisioner.DeleteAsync(told, cancellationToken),
            cancellationToken));
        return command;
    }

    private static Command Status(Func<string[], IHost> buildHost)
    {
        var command = new Command("status", "Say what of them is in the workspace: exit code 0 when all are and the synced table is "
            + "online, else 1.");
        CommandHost.Run<IResourceProvisioner>(command, buildHost, async (provisioner, _, cancellationToken) =>
        {
            ResourceReport report = await provisioner.DescribeAsync(cancellationToken);
            foreach (string line in ResourceLines.Of(report))
            {
                Console.WriteLine(line);
            }

            return report.State == ResourceState.Complete ? 0 : 1;
        });
        return command;
    }

    private static async Task<int> CarryOutAsync(
        ResourceReport plan, string question, bool unasked, Func<Action<ResourceReport>, Task<ResourceReport>> run,
        CancellationToken cancellationToken)
    {
        foreach (ResourceStep step in plan.Steps)
        {
            await Console.Error.WriteLineAsync($"  {step.Resource}: {step.Name}");
        }

        if (!await Confirmation.IsGivenAsync(question, unasked, cancellationToken))
        {
            return 1;
        }

        try
        {
            ResourceReport report = await ResourceProgressDisplay.ShowAsync(run);
            await Console.Error.WriteLineAsync(report.Message);
            return report.State == ResourceState.Succeeded ? 0 : 1;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync(
                "Stopped waiting. The workspace may go on with what it was told last: lakebase status tells, lakebase create goes on from "
                    + "there, lakebase delete undoes it.");
            throw;
        }
    }

    private static Option<int?> Number(string name, string description, int minimum, int maximum)
    {
        var option = new Option<int?>(name) { Description = $"{description}: {minimum} to {maximum}." };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is { } number && (number < minimum || number > maximum))
            {
                result.AddError($"{name} has to be from {minimum} to {maximum}.");
            }
        });
        return option;
    }
}
